// The editor's models: see `build/graphiql.mjs` for why this is an entry of its own.
import "monaco-editor/esm/vs/editor/common/model/textModel.js";
import "monaco-editor/esm/vs/editor/common/viewModel/viewModelImpl.js";
