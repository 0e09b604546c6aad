namespace Ambient.Compile.Enrolment;

/// <summary>Captured or not and why, for people. <paramref name="Wanted"/>: something asked for it, whatever the answer.</summary>
internal sealed record EnrolmentDecision(bool Enrolled, string Reason, bool Wanted);
