/** Two soft notes, made on the spot: no file to load. */

const NOTES_HZ = [660, 880]
const NOTE_S = 0.12
const LOUDNESS = 0.08

export function chime(): void {
  const audio = new AudioContext()
  const volume = new GainNode(audio, { gain: LOUDNESS })
  volume.connect(audio.destination)
  const end = NOTES_HZ.reduce((start, frequency) => {
    const note = new OscillatorNode(audio, { type: 'sine', frequency })
    note.connect(volume)
    note.start(start)
    note.stop(start + NOTE_S)
    return start + NOTE_S
  }, audio.currentTime)
  volume.gain.setTargetAtTime(0, end - NOTE_S, NOTE_S / 3)
  setTimeout(() => void audio.close(), (end - audio.currentTime) * 1000 + 200)
}
