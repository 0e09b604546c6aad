namespace Ambient.Lab.Containers;

/// <summary>A file or folder that a container sees at a path.</summary>
internal sealed record MountPlan(string Source, string Target, bool ReadOnly);
