import { assertEquals } from "@std/assert";
import { environmentName, optionName, readSettings, settings } from "../../../lib/client/settings/mod.ts";

const readme = Deno.readTextFileSync(new URL("../../../README.md", import.meta.url));

Deno.test("the README lists every setting with its names, its default and its meaning, and no other", () => {
  const [, section = ""] = /^## Settings$(.*?)^## /ms.exec(readme) ?? [];
  const rows = [...section.matchAll(/^\| `(.*)\|$/gm)].map(([row]) =>
    row.split("|").slice(1, -1).map((it) => it.trim())
  );
  const defaults = readSettings({});
  const expected = Object.values(settings).map(({ key, help }) => {
    const text = defaults.ok ? defaults.value.trace.find((one) => one.key === key)?.text : undefined;
    return [`\`${key}\``, `\`--${optionName(key)}\``, `\`${environmentName(key)}\``, text || "-", help];
  });
  assertEquals(rows, expected);
});

Deno.test("the example of the README is a configuration", () => {
  const [, text = ""] = /^```yaml\n(ignore:.*?)^```$/ms.exec(readme) ?? [];
  const read = readSettings({ file: { name: "README.md", text, folder: "/" } });
  assertEquals(read.ok && [read.value.settings.ignore, read.value.settings.conflicts], [
    ["*.iso", "/scratch/"],
    { rules: [{ pattern: "*.md", policy: "merge" }], default: "keep-both" },
  ]);
});
