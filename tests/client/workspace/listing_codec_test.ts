import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { readNode, writeNode } from "../../../lib/client/workspace/listing_codec.ts";
import { ByteReader, ByteWriter } from "../../../lib/core/mod.ts";
import { node } from "./arbitrary_nodes.ts";

Deno.test("readNode() reads what writeNode() wrote, and that there is none", () => {
  fc.assert(fc.property(fc.option(node, { nil: undefined }), (one) => {
    const writer = new ByteWriter();
    writeNode(writer, one);
    assertEquals(readNode(new ByteReader(writer.bytes())), one);
  }));
});
