/** Flags of {@linkcode byteClass}. */
const tokenFlag = 1;
const fieldFlag = 2;
const targetFlag = 4;
const hexFlag = 8;
const nameFlag = 16;

/** For each byte, the rules of RFC 9110 and RFC 9112 that it may be part of, as flags. */
const byteClass: Uint8Array = buildByteClass();

function buildByteClass(): Uint8Array {
  const table = new Uint8Array(256);
  const mark = (characters: string, flag: number) => {
    for (const character of characters) table[character.charCodeAt(0)]! |= flag;
  };
  const alphanumeric = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  mark(alphanumeric + "!#$%&'*+-.^_`|~", tokenFlag);
  mark("0123456789abcdefABCDEF", hexFlag);
  // unreserved / pct-encoded / sub-delims / ":" / "@" / "/" / "?", and "[" "]" of an IPv6 host in absolute-form.
  mark(alphanumeric + "-._~%!$&'()*+,;=:@/?[]", targetFlag);
  // Outside of RFC 3986, harmless to every parser, and sent unencoded by browsers in queries (WHATWG URL).
  mark('|"<>\\^`{}', targetFlag);
  mark(alphanumeric + "-._~!$&'()*+,;=", nameFlag);
  mark("\t ", fieldFlag);
  for (let byte = 0x21; byte < 256; byte++) if (byte !== 0x7f) table[byte]! |= fieldFlag;
  return table;
}

/** `tchar` (RFC 9110 section 5.6.2): letters, digits and ``!#$%&'*+-.^_`|~``. */
export function isTokenByte(byte: number): boolean {
  return (byteClass[byte]! & tokenFlag) !== 0;
}

/** A byte of a field value: `field-vchar` (with obs-text), SP or HTAB (RFC 9110 section 5.5). */
export function isFieldByte(byte: number): boolean {
  return (byteClass[byte]! & fieldFlag) !== 0;
}

/** A byte of a request target (RFC 9112 section 3.2): ASCII without space, controls and `#`. */
export function isTargetByte(byte: number): boolean {
  return (byteClass[byte]! & targetFlag) !== 0;
}

/** `HEXDIG` (RFC 5234 appendix B.1), either case. */
export function isHexByte(byte: number): boolean {
  return (byteClass[byte]! & hexFlag) !== 0;
}

/** A byte of a registered name beside `%`: `unreserved / sub-delims` (RFC 3986 section 3.2.2). */
export function isRegNameByte(byte: number): boolean {
  return (byteClass[byte]! & nameFlag) !== 0;
}

/** `token = 1*tchar` (RFC 9110 section 5.6.2). */
export function isToken(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f || !isTokenByte(unit)) return false;
  }
  return text.length > 0;
}

/** A field value that may be sent: SP, HTAB and visible ASCII, no CR, LF, NUL or obs-text (RFC 9110 section 5.5). */
export function isSendableValue(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7e || (unit < 0x20 && unit !== 0x09)) return false;
  }
  return true;
}

/**
 * `Content-Length = 1*DIGIT` (RFC 9110 section 8.6): no sign, no space, no list, at most 2^53 - 1.
 *
 * @returns The number, or `undefined`.
 */
export function parseContentLength(text: string): number | undefined {
  if (text.length === 0 || text.length > 16) return undefined;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

/** Compares a part of `text` that begins at `start` with `lower`, which is in lower case, ignoring the case of ASCII. */
export function matchesIgnoringCase(text: string, start: number, lower: string): boolean {
  for (let i = 0; i < lower.length; i++) {
    let unit = text.charCodeAt(start + i);
    if (unit >= 0x41 && unit <= 0x5a) unit |= 0x20;
    if (unit !== lower.charCodeAt(i)) return false;
  }
  return true;
}

/** The members of a comma-separated list, trimmed and in lower case; empty ones are dropped (RFC 9110 section 5.6.1). */
export function listMembers(value: string): string[] {
  return value.split(",").map((member) => trimBlanks(member).toLowerCase()).filter((member) => member !== "");
}

/** Takes `OWS` off both ends (RFC 9110 section 5.6.3): SP and HTAB, not what `trim` takes for white space beside them. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.substring(start, end);
}

/** SP or HTAB. */
export function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x09;
}
