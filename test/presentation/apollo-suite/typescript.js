import typescript from 'typescript'

const compilerOptions = {
  target: typescript.ScriptTarget.ES2023, module: typescript.ModuleKind.ES2022, verbatimModuleSyntax: true, inlineSourceMap: true,
}

/** What Jest asks of a transformer: types taken out, file by file. They are checked by `npm run types`. */
export default {
  process: (text, fileName) => ({ code: typescript.transpileModule(text, { fileName, compilerOptions }).outputText }),
}
