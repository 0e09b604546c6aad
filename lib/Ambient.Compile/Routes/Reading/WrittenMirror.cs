namespace Ambient.Compile.Routes.Reading;

/// <summary>A mirror as written; the percentage is 0 to 100.</summary>
internal sealed record WrittenMirror(WrittenDestination Destination, double Percentage);
