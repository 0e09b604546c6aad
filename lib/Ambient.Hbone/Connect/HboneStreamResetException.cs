using Ambient.Hbone.Http2.Frames;

namespace Ambient.Hbone.Connect;

/// <summary>The stream ended abnormally: by RST_STREAM of either side, or because its connection was lost.</summary>
public sealed class HboneStreamResetException : IOException
{
    public HboneStreamResetException(ErrorCode code, bool byPeer, string message)
        : base(message)
    {
        Code = code;
        ByPeer = byPeer;
    }

    public ErrorCode Code { get; }

    /// <summary>True for the peer's RST_STREAM and a lost connection, false for our own reset.</summary>
    public bool ByPeer { get; }

    /// <summary>Not this stream but the connection below it ended.</summary>
    public bool ConnectionLost { get; init; }
}
