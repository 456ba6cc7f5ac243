import { isHexByte, isRegNameByte } from "./grammar.ts";

/**
 * `Host = uri-host [ ":" port ]` (RFC 9110 section 7.2), with a host of RFC 3986 section 3.2.2 that is a registered
 * name, an IPv4 address or a bracketed IPv6 address; a value that two parsers could read differently is none.
 *
 * @param value The value; an empty one is valid, as when the target has no authority.
 */
export function isHost(value: string): boolean {
  if (value === lastHost) return true;
  if (!readsAsHost(value)) return false;
  lastHost = value;
  return true;
}

/** The last value that was one: clients of a server name the same host again and again. */
let lastHost = "";

function readsAsHost(value: string): boolean {
  const hostEnd = value.startsWith("[") ? value.indexOf("]") + 1 : endOfName(value);
  if (value.startsWith("[") && !isIpLiteral(value.slice(1, hostEnd - 1))) return false;
  return isPortSuffix(value, hostEnd) && (hostEnd > 0 || value === "");
}

/** `[ ":" port ]`, a number up to 65535 or nothing after the colon (RFC 3986 section 3.2.3). */
function isPortSuffix(value: string, start: number): boolean {
  if (start === value.length) return true;
  if (value[start] !== ":") return false;
  let port = 0;
  for (let i = start + 1; i < value.length; i++) {
    const digit = value.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return false;
    port = port * 10 + digit;
    if (port > 65535) return false;
  }
  return true;
}

/** Where `reg-name = *( unreserved / pct-encoded / sub-delims )` ends. */
function endOfName(value: string): number {
  let i = 0;
  while (i < value.length && isNameCharacter(value, i)) i++;
  return i;
}

function isNameCharacter(value: string, index: number): boolean {
  const unit = value.charCodeAt(index);
  if (unit === 0x25) return isHexAt(value, index + 1) && isHexAt(value, index + 2);
  return unit < 0x80 && isRegNameByte(unit);
}

function isHexAt(value: string, index: number): boolean {
  const unit = value.charCodeAt(index);
  return unit < 0x80 && isHexByte(unit);
}

/** `IPv6address / IPvFuture`, `IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )` (RFC 3986 3.2.2). */
function isIpLiteral(text: string): boolean {
  return /^v[0-9a-f]+\.[\w.~!$&'()*+,;=:-]+$/i.test(text) ||
    (/^[0-9a-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]`));
}
