// Elements that change places glide there, where people have nothing against motion.

const SLIDE: KeyframeAnimationOptions = { duration: 250, easing: "ease-out" };

export function sliding(list: HTMLElement, change: () => void): void {
  const before = new Map([...list.children].map((one) => [one, one.getBoundingClientRect().top]));
  const scrolled = window.scrollY;
  change();
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const shift = window.scrollY - scrolled;
  for (const one of list.children) {
    const top = before.get(one);
    const now = one.getBoundingClientRect().top;
    if (top === undefined) one.animate([{ opacity: 0 }, { opacity: 1 }], SLIDE);
    else if (Math.abs(top - shift - now) >= 1) {
      const start = { transform: `translateY(${top - shift - now}px)` };
      one.animate([start, { transform: "none" }], SLIDE);
    }
  }
}
