using System.Globalization;
using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Json;
using Jint.Native.Object;
using Jint.Runtime;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>The module <c>k6/experimental/csv</c>.</summary>
internal static class CsvModule
{
    /// <summary>Makes the module.</summary>
    public static ObjectInstance Create(VuRealm realm)
    {
        var module = new JsObject(realm.Engine);
        module.AddFunction(realm, "parse", (_, a) => Parse(realm, a));
        module.Set("Parser", new HostClass(realm, "Parser", a => NewParser(realm, a)));
        return module;
    }

    private static JsValue Parse(VuRealm realm, JsValue[] arguments)
    {
        try
        {
            var file = ParsedFile(arguments.Arg(0));
            if (arguments.Length > 1 && arguments[1].IsNothing())
            {
                return Interop.Rejected(realm, realm.TypeError("Cannot convert undefined or null to object").Error);
            }

            // One array for all virtual users, as long as they read the same file in the same way.
            var options = OptionsOf(arguments.Arg(1), "failed to interpret the provided Parser options");
            var elements = realm.Shared.Array(string.Create(CultureInfo.InvariantCulture, $"csv:{file.Path}:{file.At}:{options}"), () => Rows(realm, file, options));
            return Interop.Resolved(realm, DataModule.Show(realm, elements));
        }
        catch (FormatException e)
        {
            return Interop.Rejected(realm, realm.GoError(e.Message).Error);
        }
    }

    private static FileSystemModule.OpenedFile ParsedFile(JsValue value) =>
        value.IsNothing() || value.GetType() == typeof(JsObject) ? throw new FormatException("failed to create a new parser; reason: the reader cannot be nil")
        : FileSystemModule.FileOf(value) ?? throw new FormatException(NoFile(value));

    private static string NoFile(JsValue value) => $"first argument expected to be a fs.File instance, got {(value.IsString() ? "sobek.asciiString" : Interop.GoTypeOf(value))} instead";

    private static string[] Rows(VuRealm realm, FileSystemModule.OpenedFile file, Options options)
    {
        var reader = new RowReader(file, options);
        var serializer = new JsonSerializer(realm.Engine);
        var rows = new List<string>();
        try
        {
            while (reader.Next() is { } row)
            {
                rows.Add(serializer.Serialize(ToJs(realm, reader, row)).AsString());
            }

            return [.. rows];
        }
        catch (FormatException e)
        {
            throw new FormatException($"failed to read record; reason: {e.Message}");
        }
    }

    private static HostObject NewParser(VuRealm realm, JsValue[] arguments)
    {
        if (!realm.InInit)
        {
            throw realm.GoError("csv Parser constructor must be called in the init context");
        }

        RowReader reader;
        try
        {
            reader = new RowReader(FileOf(realm, arguments.Arg(0), "csv Parser constructor"), OptionsOf(arguments.Arg(1), "encountered an error while interpreting Parser options"));
        }
        catch (FormatException e)
        {
            throw realm.GoError(e.Message);
        }

        var parser = new HostObject(realm.Engine, reader);
        parser.AddFunction(realm, "next", (_, _) =>
        {
            try
            {
                var row = reader.Next();
                var result = new JsObject(realm.Engine);
                result.Set("done", row is null ? JsBoolean.True : JsBoolean.False);
                result.Set("value", row is null ? new JsArray(realm.Engine) : ToJs(realm, reader, row));
                return Interop.Resolved(realm, result);
            }
            catch (FormatException e)
            {
                return Interop.Rejected(realm, Interop.NamedError(realm, null, e.Message));
            }
        });
        return parser;
    }

    private static ObjectInstance ToJs(VuRealm realm, RowReader reader, List<string> row)
    {
        if (reader.Header is not { } header)
        {
            return new JsArray(realm.Engine, [.. row.Select(field => new JsString(field))]);
        }

        var result = new JsObject(realm.Engine);
        foreach (var (name, value) in header.Zip(row).OrderBy(field => field.First, StringComparer.Ordinal))
        {
            result.Set(name, new JsString(value));
        }

        return result;
    }

    private static FileSystemModule.OpenedFile FileOf(VuRealm realm, JsValue value, string who)
    {
        if (value.IsNothing())
        {
            throw realm.GoError($"{who} takes at least one non-nil source argument");
        }

        return FileSystemModule.FileOf(value) ?? throw realm.GoError(NoFile(value));
    }

    /// <summary>Reads the options of a script.</summary>
    /// <exception cref="FormatException">They are none; the message is k6's, with <paramref name="failure"/> at its beginning.</exception>
    private static Options OptionsOf(JsValue value, string failure)
    {
        if (value is not ObjectInstance given)
        {
            return new Options(',', SkipsFirst: false, 0, null, AsObjects: false);
        }

        var delimiter = given.Get("delimiter");
        var text = delimiter.IsUndefined() ? "," : delimiter.IsNull() ? "" : TypeConverter.ToString(delimiter);
        if (text.Length != 1)
        {
            throw new FormatException($"{failure}; reason: delimiter must be a single character");
        }

        var (from, to) = (Line("fromLine"), Line("toLine"));
        if (from >= to)
        {
            throw new FormatException($"{failure}; reason: fromLine must be less than or equal to toLine");
        }

        return new Options(text[0], TypeConverter.ToBoolean(given.Get("skipFirstLine")), from ?? 0, to, TypeConverter.ToBoolean(given.Get("asObjects")));

        int? Line(string name) => given.Get(name) is var line && line.IsUndefined() ? null
            : TypeConverter.ToNumber(line) is var number && double.IsNaN(number) ? 0 : (int)number;
    }

    /// <summary>How a file is read.</summary>
    private sealed record Options(char Delimiter, bool SkipsFirst, int From, int? To, bool AsObjects);

    /// <summary>Reads rows by RFC 4180, with the rules of k6's reader: empty lines do not count, and a quote belongs to the beginning of a field.</summary>
    private sealed class RowReader
    {
        private readonly FileSystemModule.OpenedFile file;
        private readonly Options options;
        private string content = "";
        private bool isRead;
        private int at;
        private int line;
        private int row;
        private int? columns;

        public RowReader(FileSystemModule.OpenedFile file, Options options)
        {
            this.file = file;
            this.options = options;
            Refuse(options.From < 0, $"the 'fromLine' option must be greater than or equal to 0; got {options.From}");
            Refuse(options.To < 0, $"the 'toLine' option must be greater than or equal to 0; got {options.To}");
            Refuse(options.AsObjects && options.SkipsFirst, $"the 'header' option cannot be enabled when 'skipFirstLine' is true");
            Refuse(options.AsObjects && options.From > 0, $"the 'header' option cannot be enabled when 'fromLine' is set to a value greater than 0");
            if (options.AsObjects)
            {
                Header = Read();
                Refuse(Header is null, $"failed to read the first line; reason: EOF");
                row = 1;
            }

            for (var first = options.SkipsFirst ? Math.Max(1, options.From) : options.From; row < first; row++)
            {
                var isEnd = Read() is null;
                Refuse(isEnd && options.From == 0, $"failed to skip the first line; reason: EOF");
                Refuse(isEnd, $"failed to skip lines until line {options.From}; reason: EOF");
            }
        }

        /// <summary>The names of the columns, where rows are objects.</summary>
        public IReadOnlyList<string>? Header { get; }

        /// <summary>The next row; null at the end.</summary>
        /// <exception cref="FormatException">It is none; the message is k6's.</exception>
        public List<string>? Next() => options.To is { } last && row++ > last ? null : Read();

        private static void Refuse(bool isWrong, FormattableString reason)
        {
            if (isWrong)
            {
                throw new FormatException("failed to create a new parser; reason: " + reason.ToString(CultureInfo.InvariantCulture));
            }
        }

        /// <summary>What the file has from its place on. It is taken at the first read, and the file is at its end then: k6 reads ahead.</summary>
        private string Rest()
        {
            var rest = Encoding.UTF8.GetString(file.Content.AsSpan(file.At));
            file.At = file.Content.Length;
            return rest;
        }

        private List<string>? Read()
        {
            if (!isRead)
            {
                content = Rest();
                isRead = true;
            }

            while (at < content.Length && (content[at] == '\n' || (content[at] == '\r' && at + 1 < content.Length && content[at + 1] == '\n')))
            {
                at += content[at] == '\r' ? 2 : 1;
                line++;
            }

            if (at >= content.Length)
            {
                return null;
            }

            line++;
            var first = line;
            var fields = new List<string>();
            while (true)
            {
                fields.Add(at < content.Length && content[at] == '"' ? Quoted() : Plain());
                if (at < content.Length && content[at] == options.Delimiter)
                {
                    at++;
                    continue;
                }

                at += at + 1 < content.Length && content[at] == '\r' ? 2 : 1;
                columns ??= fields.Count;
                return fields.Count == columns ? fields : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"record on line {first}: wrong number of fields"));
            }
        }

        private string Plain()
        {
            var from = at;
            while (at < content.Length && content[at] != options.Delimiter && content[at] != '\n')
            {
                if (content[at] == '"')
                {
                    throw Wrong("bare \" in non-quoted-field");
                }

                at++;
            }

            var to = at < content.Length && content[at] == '\n' && at > from && content[at - 1] == '\r' ? at - 1 : at;
            at = to;
            return content[from..to];
        }

        private string Quoted()
        {
            var field = new StringBuilder();
            for (at++; at < content.Length; at++)
            {
                if (content[at] != '"')
                {
                    line += content[at] == '\n' ? 1 : 0;
                    field.Append(content[at]);
                }
                else if (at + 1 < content.Length && content[at + 1] == '"')
                {
                    field.Append('"');
                    at++;
                }
                else
                {
                    at++;
                    if (at >= content.Length || content[at] == options.Delimiter || content[at] is '\n' or '\r')
                    {
                        return field.ToString();
                    }

                    at--;
                    throw Wrong("extraneous or missing \" in quoted-field");
                }
            }

            throw Wrong("extraneous or missing \" in quoted-field");
        }

        /// <summary>The rest of the line is left out.</summary>
        private FormatException Wrong(string what)
        {
            var column = at - content.LastIndexOf('\n', Math.Min(at, content.Length - 1));
            var end = content.IndexOf('\n', Math.Min(at, content.Length));
            at = end < 0 ? content.Length : end + 1;
            return new FormatException(string.Create(CultureInfo.InvariantCulture, $"parse error on line {line}, column {column}: {what}"));
        }
    }
}
