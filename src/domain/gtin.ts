const GTIN = /^(\d{8}|\d{12}|\d{13}|\d{14})$/

/**
 * Whether the digits are a GTIN-8, -12, -13 or -14. The check digit makes the weighted sum a multiple of ten,
 * weights 3 and 1 in turn from the right (GS1 General Specifications, section 7.9).
 */
export function isValidGtin(barcode: string): boolean {
  if (!GTIN.test(barcode)) return false
  const digits = Array.from(barcode, Number).reverse()
  return digits.reduce((sum, digit, place) => sum + digit * (place % 2 === 0 ? 1 : 3), 0) % 10 === 0
}
