// Types of the operations that the page sends, and their ids, from `operations/*.graphql`.
// A page sends an id in place of a text: only documents that the service has stored are run.
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import {
  buildSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  parse,
  print,
  typeFromAST,
} from "graphql";

const HEADING = "// Generated from `operations/*.graphql` and the schema: `npm run build`.\n";
const FORM = `
/** An operation that the service has stored, by its id; the types are those of its text. */
export interface Operation<Data, Variables> {
  readonly id: string;
  readonly kind: "query" | "mutation" | "subscription";
  readonly types?: (variables: Variables) => Data;
}
`;

/** The module \`operations.ts\` for all operations of a folder, as text. */
export async function operationsModule(root) {
  const schema = buildSchema(await readFile(join(root, "schema/schema.graphql"), "utf8"));
  const known = JSON.parse(await readFile(join(root, "operations/manifest.json"), "utf8"));
  const module = new Module(schema);
  for (const file of (await readdir(join(root, "operations"))).sort()) {
    if (!file.endsWith(".graphql")) continue;
    const text = await readFile(join(root, "operations", file), "utf8");
    const id = `sha256:${createHash("sha256").update(text).digest("hex")}`;
    if (known[id] !== text) throw new Error(`${file} is not in the manifest: run \`make schema\``);
    module.add(parse(text), id, file);
  }
  return module.text();
}

class Module {
  #schema;
  #fragments = new Map();
  #operations = [];
  #named = new Map();

  constructor(schema) {
    this.#schema = schema;
  }

  add(document, id, file) {
    for (const definition of document.definitions) {
      if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
      const name = definition.name.value;
      const earlier = this.#fragments.get(name);
      if (earlier && print(earlier) !== print(definition)) {
        throw new Error(`${file}: the fragment ${name} differs from that of another file`);
      }
      this.#fragments.set(name, definition);
    }
    const operation = document.definitions.find((d) => d.kind === Kind.OPERATION_DEFINITION);
    this.#operations.push({ operation, id });
  }

  text() {
    const operations = this.#operations.map((one) => this.#operation(one)).join("\n");
    const fragments = [...this.#fragments.values()]
      .sort((a, b) => (a.name.value < b.name.value ? -1 : 1))
      .map((fragment) => this.#fragment(fragment))
      .join("\n");
    const named = [...this.#named.entries()].sort().map(([, text]) => text).join("\n");
    return [HEADING, FORM, named, fragments, operations].join("\n");
  }

  #operation({ operation, id }) {
    const { name, operation: kind, selectionSet, variableDefinitions } = operation;
    const root = this.#schema.getRootType(kind);
    const variables = variableDefinitions.map((variable) => {
      const type = typeFromAST(this.#schema, variable.type);
      const optional = !isNonNullType(type) || variable.defaultValue ? "?" : "";
      return `${variable.variable.name.value}${optional}: ${this.#input(type)};`;
    });
    const text = name.value;
    return `export interface ${text}Variables { ${variables.join(" ")} }
export interface ${text}Data ${this.#object(root, selectionSet)}
export const ${text}: Operation<${text}Data, ${text}Variables> = {
  id: "${id}",
  kind: "${kind}",
};
`;
  }

  #fragment({ name, typeCondition, selectionSet }) {
    const type = this.#schema.getType(typeCondition.name.value);
    return `export type ${name.value} = ${this.#selection(type, selectionSet)};\n`;
  }

  #selection(type, selectionSet) {
    return isAbstractType(type)
      ? this.#schema
          .getPossibleTypes(type)
          .map((possible) => `(${this.#object(possible, selectionSet)})`)
          .join(" | ")
      : this.#object(type, selectionSet);
  }

  /** What a selection gives of one concrete type: own fields and those of fragments. */
  #object(type, selectionSet) {
    const fields = [];
    const parts = [];
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        fields.push(this.#field(type, selection));
      } else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const name = selection.name.value;
        if (this.#applies(type, this.#fragments.get(name).typeCondition)) parts.push(name);
      } else if (this.#applies(type, selection.typeCondition)) {
        parts.push(this.#object(type, selection.selectionSet));
      }
    }
    if (fields.length > 0 || parts.length === 0) parts.unshift(`{ ${fields.join(" ")} }`);
    return parts.join(" & ");
  }

  #field(type, { alias, name, selectionSet }) {
    const key = (alias ?? name).value;
    if (name.value === "__typename") return `readonly ${key}: "${type.name}";`;
    const field = type.getFields()[name.value];
    return `readonly ${key}: ${this.#output(field.type, selectionSet)};`;
  }

  #applies(type, condition) {
    if (!condition) return true;
    const wanted = this.#schema.getType(condition.name.value);
    return (
      wanted === type || (isAbstractType(wanted) && this.#schema.isSubType(wanted, type))
    );
  }

  #output(type, selectionSet) {
    const inner = isNonNullType(type) ? type.ofType : type;
    const text = isListType(inner)
      ? `readonly (${this.#output(inner.ofType, selectionSet)})[]`
      : selectionSet
        ? this.#selection(inner, selectionSet)
        : this.#leaf(inner);
    return isNonNullType(type) ? text : `(${text}) | null`;
  }

  #input(type) {
    const inner = isNonNullType(type) ? type.ofType : type;
    const text = isListType(inner)
      ? `readonly (${this.#input(inner.ofType)})[]`
      : isInputObjectType(inner)
        ? this.#inputObject(inner)
        : this.#leaf(inner);
    return isNonNullType(type) ? text : `${text} | null`;
  }

  #inputObject(type) {
    if (this.#named.has(type.name)) return type.name;
    this.#named.set(type.name, "");
    const fields = Object.values(type.getFields());
    const line = (field, mark, input) => `readonly ${field.name}${mark}: ${this.#input(input)};`;
    const text = type.isOneOf
      ? fields
          .map((field) => `{ ${line(field, "", field.type)} }`.replaceAll(" | null", ""))
          .join(" | ")
      : `{ ${fields
          .map((field) => {
            const isNeeded = isNonNullType(field.type) && field.defaultValue === undefined;
            return line(field, isNeeded ? "" : "?", field.type);
          })
          .join(" ")} }`;
    this.#named.set(type.name, `export type ${type.name} = ${text};\n`);
    return type.name;
  }

  #leaf(type) {
    const { name } = getNamedType(type);
    if (isEnumType(type)) {
      const values = type.getValues().map((value) => JSON.stringify(value.name));
      this.#named.set(name, `export type ${name} = ${values.join(" | ")};\n`);
      return name;
    }
    if (name === "Int" || name === "Float") return "number";
    return name === "Boolean" ? "boolean" : "string";
  }
}
