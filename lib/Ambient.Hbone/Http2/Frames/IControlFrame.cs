namespace Ambient.Hbone.Http2.Frames;

/// <summary>A frame of one fixed size that we send.</summary>
internal interface IControlFrame
{
    /// <summary>Bytes with the header.</summary>
    static abstract int Length { get; }

    /// <summary>Writes all of them and returns how many.</summary>
    int Write(Span<byte> destination);
}
