/** Plain node:http: reads a POST body, parses it and sends a fixed JSON answer of BYTES bytes. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const bytes = Number(process.argv[2] ?? 300)
const answer = JSON.stringify({ data: 'x'.repeat(Math.max(0, bytes - '{"data":""}'.length)) })

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString())
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer)
  })
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/\n`)
})
process.once('SIGTERM', () => { process.exit() })
