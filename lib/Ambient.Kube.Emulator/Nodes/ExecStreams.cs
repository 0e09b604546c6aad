using System.Threading.Channels;

namespace Ambient.Kube.Emulator.Nodes;

/// <summary>The streams of one exec; those that the caller did not ask for are null. The server owns them.</summary>
public sealed record ExecStreams
{
    /// <summary>Ends (reads 0) when the caller closes standard input.</summary>
    public Stream? Input { get; init; }

    public Stream? Output { get; init; }

    public Stream? Error { get; init; }

    /// <summary>Terminal sizes as the caller reports them; completes with the session.</summary>
    public required ChannelReader<TerminalSize> Resizes { get; init; }
}
