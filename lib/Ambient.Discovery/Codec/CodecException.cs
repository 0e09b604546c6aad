namespace Ambient.Discovery.Codec;

/// <summary>A message that cannot be read without guessing; it is refused whole.</summary>
public sealed class CodecException(string field, string reason, Exception? cause = null) : Exception($"{field}: {reason}", cause)
{
    /// <summary>Path of the field as the proto names it: <c>rules[0].clauses[1].matches[0].source_ips[2]</c>.</summary>
    public string Field { get; } = field;

    public string Reason { get; } = reason;
}
