import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { inline } from './cspHashes'

it('hashes inline scripts and styles to the byte, and leaves those with a source alone', () => {
  const html = '<style>a { color: red }</style><script>\n  run()\n</script><script type="module" src="/x.js"></script>'
  const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  expect(inline(html, 'script')).toEqual([sha256('\n  run()\n')])
  expect(inline(html, 'style')).toEqual([sha256('a { color: red }')])
})
