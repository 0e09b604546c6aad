namespace Ambient.Kube.Http;

/// <summary>One event of a watch; for a deletion the object as it was last.</summary>
public readonly record struct WatchEvent<T>(WatchEventType Type, T Value);
