// Connects with socket.io-client, asks to be let in, and prints as JSON what it heard: node listen.mjs URL TRANSPORTS NAME
import { io } from 'socket.io-client'

const [url, transports, name] = process.argv.slice(2)
const socket = io(url, { transports: transports.split(','), auth: { name } })
const heard = []

socket.on('welcome', async () => {
  const answer = await socket.timeout(20_000).emitWithAck('enter', { name })
  socket.on('done', () => {
    console.log(JSON.stringify({ heard, answer, transport: socket.io.engine.transport.name }))
    socket.disconnect()
  })
})
socket.on('messages.created', ({ seq }) => heard.push(seq))
socket.on('note', ({ text }) => heard.push(text.length))
socket.on('connect_error', (error) => {
  console.log(JSON.stringify({ refused: error.message, data: error.data }))
  socket.disconnect()
})
setTimeout(() => process.exit(1), 60_000).unref()
