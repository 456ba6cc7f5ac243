/**
 * Metadata as the JSON API tells it, written and read: every mistake of a body is found in one run and is a value with a
 * JSON pointer. Pure functions.
 *
 * @module
 */
export { isObject, JsonFields, kindOf } from "./field_values.ts";
export { type FileJson, fileJson, timeJson } from "./file_json.ts";
export { type JsonProblem, jsonProblemsMax } from "./json_problem.ts";
export { parseFilesJson } from "./parse_files_json.ts";
export { readFilesJson, type ReadFilesOptions } from "./read_file_json.ts";
