using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2.Frames;

namespace Ambient.Hbone.Http2;

/// <summary>What each side sends before anything else (RFC 9113 §3.4).</summary>
internal static class Preface
{
    public static ReadOnlySpan<byte> Magic => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Magic, SETTINGS and the connection's window of a client. Returns the bytes written.</summary>
    public static int WriteClient(Span<byte> destination, HboneLimits limits)
    {
        Magic.CopyTo(destination);
        int written = Magic.Length;
        written += SettingsFrame.Write(destination[written..],
        [
            (SettingId.EnablePush, 0),
            (SettingId.InitialWindowSize, (uint)limits.StreamWindow),
            (SettingId.MaxFrameSize, (uint)limits.MaxFrameSize),
            (SettingId.MaxHeaderListSize, (uint)limits.MaxHeaderListSize),
        ]);
        return written + WriteWindow(destination[written..], limits);
    }

    public static int WriteServer(Span<byte> destination, HboneLimits limits)
    {
        int written = SettingsFrame.Write(destination,
        [
            (SettingId.MaxConcurrentStreams, (uint)limits.MaxConcurrentStreams),
            (SettingId.InitialWindowSize, (uint)limits.StreamWindow),
            (SettingId.MaxFrameSize, (uint)limits.MaxFrameSize),
            (SettingId.MaxHeaderListSize, (uint)limits.MaxHeaderListSize),
        ]);
        return written + WriteWindow(destination[written..], limits);
    }

    private static int WriteWindow(Span<byte> destination, HboneLimits limits) =>
        limits.ConnectionWindow > PeerSettings.DefaultWindow
            ? new WindowUpdateFrame(0, limits.ConnectionWindow - PeerSettings.DefaultWindow).Write(destination)
            : 0;
}
