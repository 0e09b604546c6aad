namespace Ambient.Core.Requests;

/// <summary>Mesh setting pathNormalization; whatever it says, dot segments go and what is ambiguous is refused.</summary>
public enum PathNormalization
{
    /// <summary>BASE (the default): dot segments are resolved, <c>\</c> is <c>/</c>.</summary>
    Base,

    /// <summary>MERGE_SLASHES: also, several slashes in a row are one.</summary>
    MergeSlashes,

    /// <summary>DECODE_AND_MERGE_SLASHES: also, <c>%2F</c> and <c>%5C</c> are slashes instead of being refused.</summary>
    DecodeAndMergeSlashes,
}
