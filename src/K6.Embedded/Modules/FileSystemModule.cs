using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>The module <c>k6/experimental/fs</c>: files that are read once for all virtual users, each of which has its own place in them.</summary>
internal static class FileSystemModule
{
    private const int FromStart = 0;
    private const int FromHere = 1;
    private const int FromEnd = 2;

    /// <summary>Makes the module.</summary>
    public static ObjectInstance Create(VuRealm realm)
    {
        var module = new JsObject(realm.Engine);
        module.AddFunction(realm, "open", (_, a) => Settled(realm, () => Open(realm, a.Arg(0))));
        var modes = new JsObject(realm.Engine);
        modes.Set("Start", JsNumber.Create(FromStart));
        modes.Set("Current", JsNumber.Create(FromHere));
        modes.Set("End", JsNumber.Create(FromEnd));
        module.Set("SeekMode", modes);
        return module;
    }

    /// <summary>The file that an object stands for; null for anything else.</summary>
    public static OpenedFile? FileOf(JsValue value) => HostObject.Held<OpenedFile>(value);

    private static HostObject Open(VuRealm realm, JsValue name)
    {
        if (!realm.InInit)
        {
            throw new FileSystemException("ForbiddenError", "open() failed; reason: opening a file is allowed only in the Init context");
        }

        if (name.IsNothing() || TypeConverter.ToString(name).Length == 0)
        {
            throw new FileSystemException("TypeError", $"open() failed; reason: path cannot be {(name.IsNothing() ? "null or undefined" : "empty")}");
        }

        var path = Globals.PathFrom(realm, TypeConverter.ToString(name));
        if (Directory.Exists(path))
        {
            throw new FileSystemException("InvalidResourceError", $"cannot open \"{path}\": opening a directory is not supported");
        }

        try
        {
            return FileObject(realm, path, realm.Shared.File(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FileSystemException("NotFoundError", $"no such file or directory \"{path}\"");
        }
    }

    private static HostObject FileObject(VuRealm realm, string path, byte[] content)
    {
        var opened = new OpenedFile(path, content);
        var file = new HostObject(realm.Engine, opened);
        file.Set("path", new JsString(path));
        file.AddFunction(realm, "read", (_, a) => Settled(realm, () => Read(opened, a.Arg(0))));
        file.AddFunction(realm, "seek", (_, a) => Settled(realm, () => JsNumber.Create(opened.At = Seek(content.Length, opened.At, a.Arg(0), a.Arg(1)))));
        file.AddFunction(realm, "stat", (_, _) => Settled(realm, () =>
        {
            var information = new JsObject(realm.Engine);
            information.Set("name", new JsString(Path.GetFileName(path)));
            information.Set("size", JsNumber.Create(content.Length));
            return information;
        }));
        return file;
    }

    /// <summary>Reads on into a Uint8Array: into the whole buffer under it, as k6 does. Null at the end of the file.</summary>
    private static JsValue Read(OpenedFile file, JsValue into)
    {
        if (into.IsNothing())
        {
            throw new FileSystemException("TypeError", "read() failed; reason: into argument cannot be null or undefined");
        }

        if (into is not (JsTypedArray and ObjectInstance array) || array.Get("constructor").AsObject().Get("name").ToString() != "Uint8Array")
        {
            throw new FileSystemException("TypeError", "read() failed; reason: into argument must be a Uint8Array");
        }

        var buffer = Interop.WholeBuffer(into)!;
        if (file.At >= file.Content.Length && buffer.Length > 0)
        {
            return JsValue.Null;
        }

        var count = Math.Min(buffer.Length, file.Content.Length - file.At);
        file.Content.AsSpan(file.At, count).CopyTo(buffer);
        file.At += count;
        return JsNumber.Create(count);
    }

    private static int Seek(int size, int at, JsValue offset, JsValue whence)
    {
        var problem = offset.IsNothing() ? "offset argument cannot be null or undefined"
            : !offset.IsNumber() || offset.AsNumber() % 1 != 0 ? "offset argument must be a number"
            : whence.IsNothing() ? "whence argument cannot be null or undefined"
            : !whence.IsNumber() ? "whence argument must be a number"
            : whence.AsNumber() is not (FromStart or FromHere or FromEnd) ? "whence argument must be a SeekMode"
            : null;
        if (problem is not null)
        {
            throw new FileSystemException("TypeError", $"seek() failed; reason: the {problem}");
        }

        var by = offset.AsNumber();
        var mode = (int)whence.AsNumber();
        var target = by + (mode == FromStart ? 0 : mode == FromHere ? at : size - 1);
        var wrong = mode == FromStart && by < 0 ? "offset cannot be negative when using SeekModeStart"
            : mode == FromEnd && by > 0 ? "offset cannot be positive when using SeekModeEnd"
            : target < 0 ? "seeking before start of file" : target > size ? "seeking beyond end of file" : null;
        return wrong is null ? (int)target : throw new FileSystemException("TypeError", wrong);
    }

    private static JsValue Settled(VuRealm realm, Func<JsValue> operation)
    {
        try
        {
            return Interop.Resolved(realm, operation());
        }
        catch (FileSystemException e)
        {
            return Interop.Rejected(realm, Interop.NamedError(realm, e.Name, e.Message));
        }
    }

    /// <summary>A file that <c>open()</c> gave.</summary>
    /// <param name="Path">Its absolute path.</param>
    /// <param name="Content">All of it.</param>
    public sealed record OpenedFile(string Path, byte[] Content)
    {
        /// <summary>Where it is read on.</summary>
        public int At { get; set; }
    }

    private sealed class FileSystemException(string name, string message) : Exception(message)
    {
        public string Name { get; } = name;
    }
}
