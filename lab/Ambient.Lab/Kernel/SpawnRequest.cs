namespace Ambient.Lab.Kernel;

/// <summary>What to start. File descriptors stay the caller's; -1 leads to /dev/null.</summary>
internal sealed record SpawnRequest
{
    /// <summary>Absolute path of the program.</summary>
    public required string Program { get; init; }

    /// <summary>Arguments without the program's own name.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Each <c>NAME=value</c>; null inherits this process's environment.</summary>
    public IReadOnlyList<string>? Environment { get; init; }

    public string? WorkingDirectory { get; init; }

    public int Input { get; init; } = -1;

    public int Output { get; init; } = -1;

    public int Error { get; init; } = -1;

    /// <summary>Path of a terminal that takes the place of all three, and becomes the new session's own.</summary>
    public string? Terminal { get; init; }
}
