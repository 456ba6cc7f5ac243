import { assert, assertEquals } from "@std/assert";
import type { ApiOptions } from "../../lib/server/mod.ts";
import { apiRouter } from "../../lib/server/mod.ts";
import { openApiDocument } from "../../lib/server/openapi/mod.ts";

type Described = Readonly<Record<string, Readonly<Record<string, { readonly parameters?: readonly Parameter[] }>>>>;
interface Parameter {
  readonly name: string;
  readonly in: string;
}

const document = openApiDocument("1.2.3");
const paths = document["paths"] as unknown as Described;

/** The routes of the API as OpenAPI writes them. */
function routes(): string[] {
  // Routes ask for what they stand on when they are called.
  const options = { hosts: [], version: "1.2.3", examples: false } as unknown as ApiOptions;
  return apiRouter(options).routes.filter(({ pattern }) => pattern.startsWith("/api/")).map(({ method, pattern }) => {
    return `${method} ${pattern.replaceAll(/[:*]([A-Za-z]+)/g, "{$1}")}`;
  });
}

Deno.test("the OpenAPI document describes every route of the API, and no other", () => {
  const described = Object.entries(paths).flatMap(([path, operations]) => {
    return Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`);
  });
  assertEquals(described.sort(), routes().sort());
});

Deno.test("the OpenAPI document describes the parameters that a path has, and no other", () => {
  for (const [path, operations] of Object.entries(paths)) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const [method, { parameters = [] }] of Object.entries(operations)) {
      const inPath = parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name);
      assertEquals(inPath, named, `${method} ${path}`);
      assertEquals(new Set(parameters.map(({ name }) => name)).size, parameters.length, `${method} ${path}`);
    }
  }
});

Deno.test("the OpenAPI document refers to schemas that it has", () => {
  const text = JSON.stringify(document);
  const schemas = (document["components"] as { schemas: object }).schemas;
  const named = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!);
  assert(named.length > 0);
  assertEquals(named.filter((name) => !Object.hasOwn(schemas, name)), []);
  assertEquals(document["openapi"], "3.1.0");
});
