import { assert, assertEquals } from "@std/assert";
import type { SafePath } from "../../../lib/core/mod.ts";
import {
  conflictPolicyOf,
  readSettings,
  resolveSettings,
  settings,
  type SettingSources,
} from "../../../lib/client/settings/mod.ts";

interface Given {
  readonly options?: Readonly<Record<string, readonly string[]>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly file?: string;
}

function sourcesOf({ options = {}, environment = {}, file }: Given): SettingSources {
  return {
    options: (name) => options[name] ?? [],
    environment: (name) => environment[name],
    ...(file === undefined ? {} : { file: { name: "c.yaml", text: file, folder: "/home/me/project" } }),
  };
}

function resolve(given: Given) {
  const resolved = resolveSettings(sourcesOf(given));
  if (!resolved.ok) throw new Error(resolved.error.map(({ message }) => message).join("\n"));
  return resolved.value;
}

function problems(given: Given): string[] {
  const resolved = resolveSettings(sourcesOf(given));
  assert(!resolved.ok, "It was taken");
  return resolved.error.map(({ message, hint }) => hint === undefined ? message : `${message}; ${hint}`);
}

Deno.test("resolveSettings() gives the defaults where nothing is said, and of an empty file", () => {
  for (const given of [{}, { file: "" }, { file: "# nothing\n" }, { file: "remote:\nignore: ~\n" }]) {
    const found = resolve(given);
    assertEquals([found.remote, found.ignore, found.symlinks, found.deletesMax, found.limitUp, found.settleMs], [
      ...[undefined, [], "keep"],
      ...[10, undefined, 500],
    ]);
  }
});

Deno.test("resolveSettings() lets options win over the environment, that over the file, that over the default", () => {
  const file = "transfers: 4\nretries: 5\nsymlinks: skip\n";
  const environment = { DFS_TRANSFERS: "6", DFS_RETRIES: "7", DFS_SYMLINKS: "" };
  const found = resolve({ file, environment, options: { transfers: ["8"] } });
  assertEquals([found.transfers, found.retries, found.symlinks, found.deletesMax], [8, 7, "skip", 10]);
});

Deno.test("resolveSettings() reads every setting from the file, the environment and options alike", () => {
  const texts: Record<string, string> = {
    remote: "http://h:1",
    space: "s",
    ca_cert: "/c.pem",
    ignore: "*.iso",
    conflicts: "*.md=merge",
    symlinks: "skip",
    deletes_max: "3",
    deletes_share: "50%",
    changes_share: "0.75",
    limit_up: "2MB",
    limit_down: "500K",
    transfers: "5",
    retries: "6",
    timeout: "2m",
    settle: "250",
    rescan: "1h30m",
    verify_every: "7d",
  };
  assertEquals(Object.keys(texts), Object.values(settings).map(({ key }) => key));
  const written: Record<string, string> = { ignore: "['*.iso']", conflicts: "{'*.md': merge}" };
  const entries = Object.entries(texts);
  const fromFile = resolve({ file: entries.map(([key, text]) => `${key}: ${written[key] ?? text}\n`).join("") });
  const fromOptions = resolve({
    options: Object.fromEntries(entries.map(([key, text]) => [key.replaceAll("_", "-"), [text]])),
  });
  const fromEnvironment = resolve({
    environment: Object.fromEntries(entries.map(([key, text]) => [`DFS_${key.toUpperCase()}`, text])),
  });
  assertEquals(fromFile, {
    remote: "http://h:1",
    space: "s",
    caCert: "/c.pem",
    ignore: ["*.iso"],
    conflicts: { rules: [{ pattern: "*.md", policy: "merge" }] },
    symlinks: "skip",
    deletesMax: 3,
    deletesShare: 0.5,
    changesShare: 0.75,
    limitUp: 2_000_000,
    limitDown: 500_000,
    transfers: 5,
    retries: 6,
    timeoutMs: 120_000,
    settleMs: 250,
    rescanMs: 5_400_000,
    verifyEveryMs: 604_800_000,
  });
  assertEquals([fromOptions, fromEnvironment], [fromFile, fromFile]);
});

Deno.test("resolveSettings() takes plain numbers of YAML, and off for what can be off", () => {
  const file = "limit_up: 65536\ndeletes_share: 1\nsettle: 0\nrescan: off\nchanges_share: false\nlimit_down: 64KiB\n";
  const found = resolve({ file, environment: { DFS_LIMIT_DOWN: "off" } });
  assertEquals([found.limitUp, found.deletesShare, found.settleMs], [65_536, 1, 0]);
  assertEquals([found.rescanMs, found.changesShare, found.limitDown], [undefined, undefined, undefined]);
});

Deno.test("resolveSettings() adds up patterns, the stronger ones behind the weaker", () => {
  const found = resolve({
    file: "ignore: [a, '!b']\n",
    environment: { DFS_IGNORE: "c, d\n\ne" },
    options: { ignore: ["f", "!g"] },
  });
  assertEquals(found.ignore, ["a", "!b", "c, d", "e", "f", "!g"]);
});

Deno.test("resolveSettings() adds up policies, the stronger ones before the weaker", () => {
  const { conflicts } = resolve({
    file: "conflicts:\n  docs/*.md: merge\n  '*.png': keep-both\n  default: manual\n",
    environment: { DFS_CONFLICTS: "*.png=last-write-wins, a=b=manual" },
    options: { conflicts: ["/docs/x.md=manual", "keep-both"] },
  });
  const policyOf = conflictPolicyOf(conflicts);
  const paths = ["docs/x.md", "docs/y.md", "x/docs/y.md", "x/y.png", "x/a=b", "other"];
  assertEquals(paths.map((path) => policyOf(path as SafePath)), [
    ...["manual", "merge", "keep-both"],
    ...["last-write-wins", "manual", "keep-both"],
  ]);
  assertEquals(conflictPolicyOf(resolve({}).conflicts)("a" as SafePath), "last-write-wins");
  assertEquals(resolve({ file: "conflicts: merge\n" }).conflicts, { rules: [], default: "merge" });
});

Deno.test("resolveSettings() takes a path in the file from the folder, any other from where it was given", () => {
  assertEquals(resolve({ file: "ca_cert: certs/c.pem\n" }).caCert, "/home/me/project/certs/c.pem");
  assertEquals(resolve({ file: "ca_cert: /c.pem\n" }).caCert, "/c.pem");
  assertEquals(resolve({ options: { "ca-cert": ["c.pem"] } }).caCert, "c.pem");
});

Deno.test("resolveSettings() refuses unknown keys, and says what may be meant", () => {
  assertEquals(problems({ file: "limit-up: 1\nremot: x\ncolour: red\n" }), [
    'Unknown key "limit-up" in "c.yaml"; Did you mean limit_up?',
    'Unknown key "remot" in "c.yaml"; Did you mean remote?',
    `Unknown key "colour" in "c.yaml"; Known keys are ${Object.values(settings).map(({ key }) => key).join(", ")}`,
  ]);
});

Deno.test("resolveSettings() names the place of a value that is wrong, the value, and what is expected", () => {
  const cases: readonly (readonly [given: Given, problem: string])[] = [
    [
      { file: "limit_up: fast" },
      '"limit_up" in "c.yaml" must be bytes a second such as 500K, 2MB or 65536, 10KB at least, or off, got "fast"',
    ],
    [
      { file: "limit_up: 9999" },
      '"limit_up" in "c.yaml" must be bytes a second such as 500K, 2MB or 65536, 10KB at least, or off, got 9999',
    ],
    [{ environment: { DFS_TRANSFERS: "0" } }, 'DFS_TRANSFERS must be a whole number from 1 to 32, got "0"'],
    [{ options: { "deletes-share": ["2"] } }, '--deletes-share must be a share such as 0.25 or 25%, got "2"'],
    [{ file: "deletes_share: -1" }, '"deletes_share" in "c.yaml" must be a share such as 0.25 or 25%, got -1'],
    [{ file: "symlinks: yes" }, '"symlinks" in "c.yaml" must be keep or skip, got "yes"'],
    [{ file: "space: 7" }, '"space" in "c.yaml" must be the name of a space (in quotes if it is a number), got 7'],
    [
      { file: "remote: [a]" },
      '"remote" in "c.yaml" must be the address of a server such as http://HOST:PORT, got ["a"]',
    ],
    [{ file: "ignore: '*.iso'" }, '"ignore" in "c.yaml" must be a list of patterns, got "*.iso"'],
    [{ file: "ignore: [1]" }, '"ignore" in "c.yaml" must be a list of patterns, got 1'],
    [
      { file: "rescan: 5" },
      '"rescan" in "c.yaml" must be a time such as 500ms, 2s, 10m or 1d, 1s at least, or off, got 5',
    ],
    [{ options: { settle: ["soon"] } }, '--settle must be a time such as 500ms, 2s, 10m or 1d, got "soon"'],
    [{ file: "- a" }, '"c.yaml" must hold keys and values'],
  ];
  for (const [given, problem] of cases) assertEquals(problems(given), [problem]);
  const policies = "must be policies by pattern (last-write-wins, keep-both, merge, manual), got";
  assertEquals(problems({ file: "conflicts: {a: b}" }), [`"conflicts" in "c.yaml" ${policies} "b" for "a"`]);
  assertEquals(problems({ options: { conflicts: ["*.md=mrege"] } }), [`--conflicts ${policies} "mrege" for "*.md"`]);
  assertEquals(problems({ file: "a: b: c" })[0]!.startsWith('"c.yaml" is no YAML: '), true);
});

Deno.test("resolveSettings() tells of everything that is wrong at once", () => {
  const environment = { DFS_TRANSFERS: "x" };
  assertEquals(problems({ file: "retries: x\nsettle: x\n", environment }).length, 3);
});

Deno.test("readSettings() says where each value comes from", () => {
  const resolved = readSettings(sourcesOf({
    file: "ignore: [a]\nlimit_up: 2MB\nretries: 1\n",
    environment: { DFS_RETRIES: "2" },
    options: { ignore: ["b"] },
  }));
  assert(resolved.ok);
  const traced = (key: string) => resolved.value.trace.find((one) => one.key === key);
  const file = { from: "file", name: "c.yaml" } as const;
  assertEquals(traced("limit_up"), { key: "limit_up", value: 2_000_000, text: "2MB", origins: [file] });
  assertEquals(traced("retries")?.origins, [{ from: "environment", name: "DFS_RETRIES" }]);
  assertEquals(traced("ignore"), {
    key: "ignore",
    value: ["a", "b"],
    text: "a b",
    origins: [{ from: "option", name: "--ignore" }, file],
  });
  assertEquals(traced("settle"), {
    key: "settle",
    value: 500,
    text: "500ms",
    origins: [{ from: "default", name: "" }],
  });
  assertEquals(resolved.value.trace.map(({ key }) => key), Object.values(settings).map(({ key }) => key));
});

Deno.test("what a setting is written as is read back as the same", () => {
  const given = {
    file: "limit_up: 123456\ntimeout: 90s\ndeletes_share: 0.1\nconflicts: {'*.md': merge}\nrescan: off\n",
  };
  const first = readSettings(sourcesOf(given));
  assert(first.ok);
  const texts = first.value.trace.filter(({ text }) => text !== "").map((
    { key, text },
  ) => [key.replaceAll("_", "-"), [text]]);
  assertEquals(resolve({ options: Object.fromEntries(texts) }), {
    ...first.value.settings,
    conflicts: { rules: [{ pattern: "*.md", policy: "merge" }], default: "last-write-wins" },
  });
});
