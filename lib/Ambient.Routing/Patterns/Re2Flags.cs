namespace Ambient.Routing.Patterns;

/// <summary>The flags of <c>(?imsU)</c>.</summary>
internal readonly record struct Re2Flags(bool IgnoreCase, bool MultiLine, bool DotAll, bool Ungreedy)
{
    public Re2Flags With(char flag, bool on) => flag switch
    {
        'i' => this with { IgnoreCase = on },
        'm' => this with { MultiLine = on },
        's' => this with { DotAll = on },
        'U' => this with { Ungreedy = on },
        _ => throw new Re2Exception($"unknown flag '{flag}'"),
    };
}
