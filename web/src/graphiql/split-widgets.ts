// The editor's lists, trees and menus: see `build/graphiql.mjs` for why this is an entry.
import "monaco-editor/esm/vs/base/browser/ui/menu/menu.js";
import "monaco-editor/esm/vs/base/browser/ui/tree/abstractTree.js";
