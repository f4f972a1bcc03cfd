/** Sizes in words of the language in use. */
import { useI18n } from 'vue-i18n'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
const STEP = 1024

/** Which unit suits a number of bytes, and how many of it they are. */
export function sizeIn(bytes: number): { value: number, unit: typeof UNITS[number] } {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log(bytes) / Math.log(STEP))))
  return { value: bytes / STEP ** power, unit: UNITS[power]! }
}

export function useFileSize(): (bytes: number) => string {
  const { n } = useI18n()
  return (bytes) => {
    const { value, unit } = sizeIn(bytes)
    return n(value, { style: 'unit', unit, unitDisplay: unit === 'byte' ? 'long' : 'short', maximumFractionDigits: value < 10 && unit !== 'byte' ? 1 : 0 })
  }
}
