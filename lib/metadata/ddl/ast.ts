/** Comments that belong to a key or to a list item, without their `#`. */
export interface Comments {
  /** The lines above it. */
  readonly before: readonly string[];
  /** What stands behind it on its line. */
  readonly after?: string;
}

/** Where a node lies, in offsets of UTF-16 code units. */
export interface Span {
  /** Offset of the first code unit. */
  readonly start: number;
  /** Offset behind the last one. */
  readonly end: number;
}

/** A text, with or without quotes. */
export interface TextNode extends Span {
  /** Tells it from other nodes. */
  readonly kind: "text";
  /** The text that is meant. */
  readonly value: string;
}

/** A decimal integer. */
export interface IntegerNode extends Span {
  /** Tells it from other nodes. */
  readonly kind: "integer";
  /** A safe integer. */
  readonly value: number;
}

/** `true` or `false`. */
export interface BooleanNode extends Span {
  /** Tells it from other nodes. */
  readonly kind: "boolean";
  /** What is meant. */
  readonly value: boolean;
}

/** `null`, `~`, or nothing at all. */
export interface NullNode extends Span {
  /** Tells it from other nodes. */
  readonly kind: "null";
  /** Always null, so that every scalar has a value. */
  readonly value: null;
}

/** A time without quotes. */
export interface TimestampNode extends Span {
  /** Tells it from other nodes. */
  readonly kind: "timestamp";
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly value: number;
  /** Nanoseconds after them, 0 to 999,999. */
  readonly restNs: number;
}

/** A value on one line. */
export type ScalarNode = TextNode | IntegerNode | BooleanNode | NullNode | TimestampNode;

/** Keys with values, in the order of the text; no key comes twice. */
export interface MappingNode extends Span {
  /** Tells it from other nodes. */
  readonly kind: "mapping";
  /** The keys with their values; at least one. */
  readonly entries: readonly Entry[];
  /** Whether a line of it could not be read, so that keys may be missing. */
  readonly damaged: boolean;
}

/** One key with its value. */
export interface Entry extends Span {
  /** The key that is meant. Its span is that of the key in the text. */
  readonly key: string;
  /** The value. */
  readonly value: Node;
  /** Its comments, if it has any. */
  readonly comments: Comments | undefined;
}

/** A list. */
export interface SequenceNode extends Span {
  /** Tells it from other nodes. */
  readonly kind: "sequence";
  /** The items; at least one. */
  readonly items: readonly Item[];
}

/** One item of a list. Its span is that of its dash. */
export interface Item extends Span {
  /** The value. */
  readonly value: Node;
  /** Its comments, if it has any. */
  readonly comments: Comments | undefined;
}

/** A value that could not be read; a problem tells why. */
export interface InvalidNode extends Span {
  /** Tells it from other nodes. */
  readonly kind: "invalid";
}

/** A value of any kind. */
export type Node = ScalarNode | MappingNode | SequenceNode | InvalidNode;

/** One document of a text. */
export interface DocumentNode {
  /** A mapping or a list; a null node if the document is empty. */
  readonly root: Node;
  /** The comments behind the last key or item, without their `#`. */
  readonly comments: readonly string[];
}

/** A whole text: its documents, separated by `---`. */
export interface StreamNode {
  /** The documents; none only if the text has no characters at all. */
  readonly documents: readonly DocumentNode[];
}
