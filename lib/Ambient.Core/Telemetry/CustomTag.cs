namespace Ambient.Core.Telemetry;

/// <summary>Where the value of a span's tag comes from.</summary>
public enum CustomTagSource
{
    /// <summary>It is written.</summary>
    Literal,

    /// <summary>A header of the request.</summary>
    Header,

    /// <summary>A variable of the proxy's environment.</summary>
    Environment,
}

/// <summary>A tag that spans carry besides those that all have.</summary>
/// <param name="Name">Of the tag.</param>
/// <param name="Value">The literal, or the lower-case name of the header, or the name of the variable.</param>
/// <param name="Default">When there is no such header or variable; null or empty: the tag is left out.</param>
public sealed record CustomTag(string Name, CustomTagSource Source, string Value, string? Default = null);
