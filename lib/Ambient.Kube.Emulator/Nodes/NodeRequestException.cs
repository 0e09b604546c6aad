namespace Ambient.Kube.Emulator.Nodes;

/// <summary>A node refuses a log or exec request; <see cref="Code"/> is the HTTP status that the caller sees (400 unless told).</summary>
public sealed class NodeRequestException(string message, int code = 400) : Exception(message)
{
    public int Code { get; } = code;
}
