output "text" {
  description = "What the first boot does, for the machine's user data."
  value       = local.text
}
