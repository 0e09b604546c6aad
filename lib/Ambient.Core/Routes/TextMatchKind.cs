namespace Ambient.Core.Routes;

public enum TextMatchKind
{
    Exact,
    Prefix,
    Suffix,

    /// <summary>RE2 over the whole value.</summary>
    Regex,

    /// <summary>There, with any value, also an empty one.</summary>
    Presence,
}
