namespace Ambient.Hbone.Http2.Hpack;

/// <summary>A header line. Each char is one byte of the wire (0 to 255).</summary>
internal readonly record struct HpackField(string Name, string Value)
{
    /// <summary>RFC 7541 §4.1, also what MAX_HEADER_LIST_SIZE counts.</summary>
    public const int Overhead = 32;

    public int Size => Name.Length + Value.Length + Overhead;
}
