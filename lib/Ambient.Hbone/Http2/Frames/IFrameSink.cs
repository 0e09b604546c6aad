namespace Ambient.Hbone.Http2.Frames;

/// <summary>Takes what <see cref="FrameReader"/> cuts out of the bytes. May throw <see cref="Http2ConnectionException"/>.</summary>
internal interface IFrameSink
{
    /// <summary>A whole frame of any type but DATA that we know.</summary>
    void OnFrame(in FrameHeader header, ReadOnlySpan<byte> payload);

    /// <summary>A frame of a type that we do not know; its payload is read over.</summary>
    void OnUnknown(in FrameHeader header);

    /// <summary>DATA begins; the length counts against the windows, padding included.</summary>
    void OnDataBegin(in FrameHeader header);

    /// <summary>A piece of the DATA frame that began last.</summary>
    void OnDataBytes(ReadOnlySpan<byte> bytes);

    /// <summary>The DATA frame is complete.</summary>
    /// <param name="padding">Bytes of the frame that were not handed over (padding and its length).</param>
    void OnDataEnd(int padding);
}
