namespace Ambient.Hbone.Connect;

/// <summary>Windows, sizes and times of one HTTP/2 connection. The defaults are those that HBONE peers expect.</summary>
public sealed record HboneLimits
{
    /// <summary>SETTINGS_INITIAL_WINDOW_SIZE that we announce, bytes.</summary>
    public int StreamWindow { get; init; } = 4 * 1024 * 1024;

    /// <summary>Receive window of the whole connection, bytes. Four times the stream's, so that one unread stream cannot stop the others.</summary>
    public int ConnectionWindow { get; init; } = 16 * 1024 * 1024;

    /// <summary>SETTINGS_MAX_FRAME_SIZE that we announce, bytes.</summary>
    public int MaxFrameSize { get; init; } = 1024 * 1024;

    /// <summary>SETTINGS_MAX_HEADER_LIST_SIZE, bytes as RFC 9113 §6.5.2 counts them; also the bound of one compressed header block.</summary>
    public int MaxHeaderListSize { get; init; } = 64 * 1024;

    /// <summary>Header lines of one block.</summary>
    public int MaxHeaderCount { get; init; } = 100;

    /// <summary>CONTINUATION frames of one block.</summary>
    public int MaxContinuations { get; init; } = 16;

    /// <summary>SETTINGS_MAX_CONCURRENT_STREAMS that a server announces.</summary>
    public int MaxConcurrentStreams { get; init; } = 200;

    /// <summary>Bytes that wait for the transport before writers of streams have to wait too.</summary>
    public int SendBuffer { get; init; } = 256 * 1024;

    /// <summary>Bytes that the user of one stream may put between two flushes.</summary>
    public int StreamSendBuffer { get; init; } = 400 * 1024;

    /// <summary>Preface and SETTINGS of the peer have to be there by then.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From HEADERS to the frame with END_HEADERS.</summary>
    public TimeSpan HeaderBlockTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>First PING, and from each PONG to the next PING.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Without a PONG by then the peer is dead.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A write that makes no progress for so long, because the peer grants no window, resets its stream.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>From the CONNECT to its answer, on the client's side.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(20);

    public static HboneLimits Server { get; } = new();

    public static HboneLimits Client { get; } = new() { MaxHeaderListSize = 16 * 1024 };
}
