namespace Ambient.Lab.Demo;

/// <summary>One thing that the demo shows: what, whether it was so, and what was seen.</summary>
internal sealed record DemoCheck(string What, bool Passed, string Seen);
