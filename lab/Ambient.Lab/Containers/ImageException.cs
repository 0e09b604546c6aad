namespace Ambient.Lab.Containers;

/// <summary>An image that has no program here, in a container without a command.</summary>
internal sealed class ImageException(string message) : Exception(message);
