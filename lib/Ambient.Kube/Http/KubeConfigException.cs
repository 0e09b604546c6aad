namespace Ambient.Kube.Http;

/// <summary>A kubeconfig or its credentials cannot be used; the message names file, entry and field.</summary>
public sealed class KubeConfigException(string message, Exception? inner = null) : Exception(message, inner);
