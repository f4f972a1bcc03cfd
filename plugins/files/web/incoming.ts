/** Files in what people drop or paste. */

/** True for a drag that carries files, as far as the browser tells before the drop. */
export function carriesFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') ?? false
}

/** Without folders, which look like files that cannot be read. */
export function droppedFiles({ items }: DataTransfer): File[] {
  return [...items].flatMap(item => item.kind === 'file' && !item.webkitGetAsEntry()?.isDirectory ? item.getAsFile() ?? [] : [])
}

/** Nothing where there is text as well: spreadsheets add a picture of what is meant as text. */
export function pastedFiles({ files, types }: DataTransfer): File[] {
  return types.includes('text/plain') ? [] : [...files]
}
