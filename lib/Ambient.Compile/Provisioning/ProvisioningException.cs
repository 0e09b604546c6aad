namespace Ambient.Compile.Provisioning;

/// <summary>A Gateway's parameters make no sense; the message names ConfigMap, key and what is wrong.</summary>
public sealed class ProvisioningException(string message) : Exception(message);
