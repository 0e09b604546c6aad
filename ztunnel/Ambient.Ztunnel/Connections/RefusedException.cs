namespace Ambient.Ztunnel.Connections;

/// <summary>The connection may not or cannot go on; the message is for the access log.</summary>
internal sealed class RefusedException(string message, string flags) : Exception(message)
{
    /// <summary>One of <see cref="ResponseFlags"/>.</summary>
    internal string Flags { get; } = flags;
}
