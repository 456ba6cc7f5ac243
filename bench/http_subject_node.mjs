// node:http under Node itself, for http_servers.ts: `node bench/http_subject_node.mjs NAME FILE`.
import { createReadStream } from "node:fs";
import { createServer } from "node:http";

const file = process.argv[3];
const server = createServer((request, response) => {
  if (request.url === "/file") {
    createReadStream(file, { highWaterMark: 262144 }).pipe(response);
  } else if (request.url === "/sink") {
    let length = 0;
    request.on("data", (piece) => length += piece.length);
    request.on("end", () => response.end(String(length)));
  } else {
    response.setHeader("Content-Type", "text/plain; charset=utf-8");
    response.end("Hello, World!");
  }
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
