// What is shown in the page's main part, one at a time.

export interface View {
  readonly title: string;
  readonly element: HTMLElement;
  /** It is on screen again: go on with what `pause` stopped. */
  resume?(): void;
  pause?(): void;
  /** It will not come back. */
  close?(): void;
  rememberPlace?(): void;
  restorePlace?(): void;
  /** What it takes to build it anew after the page was loaded again; plain data. */
  snapshot?(): unknown;
}
