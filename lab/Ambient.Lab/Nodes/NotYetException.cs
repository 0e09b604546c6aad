namespace Ambient.Lab.Nodes;

/// <summary>Something that a pod needs is not there yet; it is tried again. <see cref="Reason"/> is the event's.</summary>
internal sealed class NotYetException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;
}
