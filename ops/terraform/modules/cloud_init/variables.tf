variable "deployment" {
  description = "What the machine is told of its deployment: /etc/prickle/deployment.env. No secrets: every process on it can read this."
  type        = map(string)

  validation {
    condition     = alltrue([for value in values(var.deployment) : can(regex("^[A-Za-z0-9@:/._+-]*$", value))])
    error_message = "Values go into a shell file: letters, digits and @:/._+- only."
  }
}
