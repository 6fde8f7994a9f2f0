/** Printable text of one line, for names: control characters would reach logs, headers and mails. */
export const LINE_PATTERN = /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u;
