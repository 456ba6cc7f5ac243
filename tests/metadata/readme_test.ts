import { assert, assertEquals } from "@std/assert";
import { MetadataApi } from "../server/metadata_api.ts";

const readme = Deno.readTextFileSync(new URL("../../lib/metadata/README.md", import.meta.url));
const scripts = [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, script = ""]) => script);

/** Whether there is a curl that knows `--json`, and a shell. */
async function hasCurl(): Promise<boolean> {
  try {
    const { stdout } = await new Deno.Command("curl", { args: ["--help", "all"], stdout: "piped" }).output();
    return Deno.build.os !== "windows" && new TextDecoder().decode(stdout).includes("--json");
  } catch {
    return false;
  }
}

Deno.test({
  name: "every curl line of the metadata's README does what it says",
  ignore: !await hasCurl(),
  async fn() {
    assert(scripts.length >= 6);
    await using api = await MetadataApi.open();
    for (const script of scripts) {
      // One command a line; a pipe at the end of a line goes on in the next one.
      for (const line of script.replaceAll("|\n", "|").trim().split("\n")) {
        const { code, stdout, stderr } = await new Deno.Command("sh", {
          args: ["-c", line.replace("curl ", "curl --silent --show-error --fail-with-body ")],
          env: { DFS: api.url },
          cwd: api.folder.path,
          stdout: "piped",
          stderr: "piped",
        }).output();
        const [said, complaint] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
        assertEquals([code, complaint], [0, ""], `${line}\n${said}`);
      }
    }
    const { data } = await api.ask("GET", "list");
    assertEquals(data.files.map(({ file_path }: { file_path: string }) => file_path), ["documents/report.pdf"]);
  },
});
