output "domain_record" {
  description = "The A record to set at the domain's registrar."
  value       = module.prickle.domain_record
}

output "ssh" {
  description = "How to log in."
  value       = module.prickle.ssh
}

output "url" {
  description = "Where the chat is."
  value       = module.prickle.url
}

output "cloud_init" {
  description = "What the first boot does."
  value       = module.prickle.cloud_init
}
