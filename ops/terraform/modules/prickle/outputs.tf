output "domain_record" {
  description = "The A record to set at the domain's registrar."
  value       = "${var.domain}. A ${module.load_balancer.ip_address}"
}

output "ssh" {
  description = "How to log in."
  value       = "ssh ubuntu@${module.compute.public_ip}"
}

output "url" {
  description = "Where the chat is."
  value       = "https://${var.domain}"
}

output "cloud_init" {
  description = "What the first boot does."
  value       = module.cloud_init.text
}
